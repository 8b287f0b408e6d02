"""Whether a graph answers as the network did that it was made of."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from vision.labels import LabelSpace
from vision.litert_export import runner


def served_agreement(
    graph: bytes, network: keras.Model, pictures: Sequence[npt.NDArray[Any]], space: LabelSpace
) -> dict[str, Any]:
    """Compare a LiteRT graph with the Keras network that it was converted from.

    Args:
        network: from image (n, side, side, 3) to ``probabilities`` (n, labels) and ``embedding`` (n, d) of length 1.
        pictures: (side, side, 3) each.

    Returns:
        ``pictures``, their number; ``cosine``, the least cosine of the two embeddings of a picture; ``same_best``, the
        least share of pictures, over the kinds, for which both name the same label first.
    """
    run = runner(graph)
    served = [run(image=picture[None].astype(np.float32)) for picture in pictures]
    told = network.predict(np.stack(pictures).astype(np.float32), batch_size=32, verbose=0)
    embeddings, chances = (
        np.concatenate([answer[name] for answer in served]) for name in ("embedding", "probabilities")
    )
    cosines = (embeddings * told["embedding"]).sum(axis=1)
    same = [
        float((chances[:, where].argmax(axis=1) == told["probabilities"][:, where].argmax(axis=1)).mean())
        for where in space.slices.values()
    ]
    return {"pictures": len(pictures), "cosine": float(cosines.min()), "same_best": min(same)}
