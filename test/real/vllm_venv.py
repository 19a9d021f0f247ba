"""Makes a virtual environment in which vLLM serves on a processor, as cpu_venv.py makes one that trains: python3 vllm_venv.py FOLDER prints its interpreter."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "training" / "tests"))

import cpu_venv

cpu_venv.REQUIREMENTS = Path(__file__).with_name("requirements-vllm.txt")
cpu_venv.main()
