"""The web process takes photos in and shows answers; it never loads what looks at them."""

import subprocess
import sys

from django.conf import settings

HEAVY = ("cv2", "ai_edge_litert", "tensorflow", "keras", "sklearn", "surprise", "skia", "selenium")


def test_the_web_process_loads_neither_opencv_nor_a_network_nor_a_learner():
    program = (
        "import sys, django; django.setup(); import shop.urls, shop.wsgi, vision.tasks, recommendations.tasks;"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    shell = {"DJANGO_SETTINGS_MODULE": "shop.settings", "VAR_DIR": str(settings.VAR_DIR), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, env=shell, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
