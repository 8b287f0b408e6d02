"""The nearest-neighbour index of each model's embeddings.

A model that is being prepared, or kept for rolling back, has rows in the same table as the active one. One index over
all of them would find many rows of other models first and throw them away; so each model has a partial index of its own
over its own rows. It is made before the first row is there (an index of nothing takes no time) and grows with them.

The index holds half precision: it is half as large, and the candidates that it finds are compared in full precision.
"""

from django.db import connection

from vision.models import EMBEDDING_SIZE, ImageAnalysis, ModelVersion

# Links per vector and width of the search while building: pgvector's own defaults for m, a wider search.
M = 16
EF_CONSTRUCTION = 64


def create_index(version: ModelVersion) -> None:
    """Make the index of ``version``'s embeddings, if it is not there yet."""
    connection.check_constraints()  # rows written in this transaction may still wait for their check
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {index_name(version)} ON {ImageAnalysis._meta.db_table} "
            f"USING hnsw ((embedding::halfvec({EMBEDDING_SIZE})) halfvec_ip_ops) "
            f"WITH (m = {M}, ef_construction = {EF_CONSTRUCTION}) WHERE model_id = {version.pk:d}"
        )


def drop_index(version: ModelVersion) -> None:
    """Remove the index of a version whose analyses are gone."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX IF EXISTS {index_name(version)}")


def index_name(version: ModelVersion) -> str:
    return f"analysis_embedding_of_{version.pk:d}"
