"""The measures that every shop begins with, for owners to change."""

from django.db import migrations

# name, heading of the other sizes, columns, advice, rows of (size, other size, measures in centimetres)
TABLES = [
    (
        "Clothing",
        "EU",
        ["Chest", "Waist", "Hip"],
        "Body measurements. Between two sizes, take the larger one for a loose fit.",
        [
            ("XS", "34", ["80–84", "62–66", "86–90"]),
            ("S", "36", ["84–88", "66–70", "90–94"]),
            ("M", "38–40", ["88–96", "70–78", "94–102"]),
            ("L", "42–44", ["96–104", "78–86", "102–110"]),
            ("XL", "46–48", ["104–114", "86–96", "110–119"]),
            ("XXL", "50–52", ["114–124", "96–107", "119–128"]),
        ],
    ),
    (
        "Trousers by waist",
        "",
        ["Waist", "Hip"],
        "Body measurements. Measure the waist where you wear the trousers.",
        [
            (str(size), "", [f"{size * 2.54 - 1:.0f}–{size * 2.54 + 1:.0f}", f"{size * 2.54 + 17:.0f}–{size * 2.54 + 20:.0f}"])
            for size in (28, 30, 31, 32, 33, 34, 36, 38)
        ],
    ),
    (
        "Shoes",
        "UK",
        ["Foot length"],
        "Stand on a sheet of paper and measure from the heel to the longest toe. Between two sizes, take the larger one.",
        [
            ("36", "3.5", ["23"]),
            ("37", "4", ["23.5"]),
            ("38", "5", ["24.3"]),
            ("39", "6", ["25"]),
            ("40", "6.5", ["25.6"]),
            ("41", "7.5", ["26.3"]),
            ("42", "8", ["27"]),
            ("43", "9", ["27.6"]),
            ("44", "9.5", ["28.3"]),
            ("45", "10.5", ["29"]),
            ("46", "11", ["29.6"]),
        ],
    ),
    (
        "Socks",
        "",
        ["Foot length"],
        "",
        [("36–39", "", ["23–25"]), ("40–43", "", ["25.6–27.6"]), ("44–46", "", ["28.3–29.6"])],
    ),
    (
        "Belts",
        "",
        ["Waist"],
        "Measure over the trousers, where you wear the belt.",
        [(str(size), "", [f"{size - 5}–{size}"]) for size in (80, 85, 90, 95, 100)],
    ),
]  # fmt: skip


def add_tables(apps, schema_editor):
    table_model, row_model = (apps.get_model("sizing", name) for name in ("SizeTable", "SizeRow"))
    for name, other_sizes, columns, advice, rows in TABLES:
        table = table_model.objects.create(name=name, other_sizes=other_sizes, columns=columns, advice=advice)
        row_model.objects.bulk_create(
            row_model(table=table, size=size, other_size=other, measures=measures, position=position)
            for position, (size, other, measures) in enumerate(rows)
        )


class Migration(migrations.Migration):
    dependencies = [("sizing", "0001_initial")]

    operations = [migrations.RunPython(add_tables, migrations.RunPython.noop)]
