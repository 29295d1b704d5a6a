import os
import subprocess
import sys
from pathlib import Path

SERVER = """
import os, sys
from pathlib import Path
from webform.metrics import shared
metrics = shared(Path(sys.argv[1]))
for _ in range(3):
    if os.fork() == 0:
        metrics.count("contact.form", 200, 0.1)
        metrics.count("contact.suggestions", 200, 0.1)
        os._exit(0)
    os.wait()
sys.stdout.write(metrics.exposition([]).decode())
"""


def test_processes_of_one_server_add_up(tmp_path: Path) -> None:
    old = tmp_path / "counter_1.db"
    old.write_bytes(b"what an earlier server left")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PROMETHEUS")}
    said = subprocess.run([sys.executable, "-c", SERVER, str(tmp_path)], check=True, capture_output=True, text=True, env=environment).stdout
    assert 'webform_requests_total{endpoint="contact.form",status="200"} 3.0' in said
    assert 'webform_suggestion_seconds_count{status="200"} 3.0' in said
    assert not old.exists()
