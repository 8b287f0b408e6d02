"""The import as a command: bad rows and broken pictures are named, good rows kept, a killed run is taken up again."""

import csv
import json
import signal
import subprocess
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from PIL import Image

from catalog.models import Product, ProductImage
from tests.conftest import make_picture
from tests.faults.programs import command, environment, manage

pytestmark = pytest.mark.django_db(transaction=True)


def catalogue(folder: Path, rows: int) -> Path:
    """A CSV with so many good rows, each with a picture of its own."""
    with (folder / "products.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "category", "price", "image"])
        for number in range(rows):
            Image.fromarray(make_picture(number, 300, 400)).save(folder / f"{number}.jpg")
            writer.writerow([f"P{number}", f"Breton tee {number}", "Tops", "39.00", f"{number}.jpg"])
    return folder / "products.csv"


def test_bad_rows_and_broken_pictures_are_named_and_the_others_kept(tmp_path, settings):
    source = catalogue(tmp_path, 4)
    (tmp_path / "1.jpg").write_bytes(b"\xff\xd8\xff\xe0 and then nothing")
    with source.open("a") as file:
        file.write("P8,,Tops,39.00,0.jpg\nP9,Breton tee 9,Tops,cheap,0.jpg\n")
    done = manage("import_catalog", str(source), "--json", "-", var_dir=settings.VAR_DIR)
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["created"] == 3
    assert {rejected["id"] for rejected in report["rejected"]} == {"P1", "P8", "P9"}
    assert all(rejected["error"] for rejected in report["rejected"])
    assert set(Product.objects.values_list("external_id", flat=True)) == {"P0", "P2", "P3"}


def test_an_import_that_was_killed_ends_with_the_same_rows_when_started_again(tmp_path, settings):
    source = catalogue(tmp_path, 120)
    process = subprocess.Popen(
        command("import_catalog", str(source)),
        cwd=django_settings.BASE_DIR,
        env=environment(settings.VAR_DIR),
        stderr=subprocess.PIPE,
    )
    for _ in iter(lambda: process.stderr.read(1), b""):  # its progress
        if Product.objects.exists():
            break
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)  # returns when its picture processes are gone, too: they hold its stderr
    assert 0 < Product.objects.count() < 120
    done = manage("import_catalog", str(source), "--json", "-", var_dir=settings.VAR_DIR)
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["created"] + report["unchanged"] == 120
    assert report["unchanged"] > 0
    assert Product.objects.count() == ProductImage.objects.count() == 120
