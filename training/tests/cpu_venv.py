"""Makes a virtual environment in which `train.py` and its tests run on a processor.

    /usr/bin/python3 cpu_venv.py FOLDER

prints the path of its interpreter, which comes back at once where FOLDER holds what the requirements name. Everything comes
from pip's configured index. PyPI's torch for Linux on x86-64 is built for CUDA and does not load without NVIDIA's libraries,
2 GB that a test never calls: where that is the torch that came, empty libraries stand in for them (gcc and nm are needed).
It is a trick for tests alone. The environment belongs to whoever may read the interpreter that ran this script.
"""

import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements-cpu.txt")
CUDA_NAME = re.compile(r"(cu|nccl|nv)[A-Za-z]")
CUDA_LIBRARY = re.compile(r"(lib)?(cu|nv|nccl)", re.IGNORECASE)  # also of the names of their versions: libcublas.so.13, NVSHMEM
GIVES_TEXT = re.compile(r"Get(Error(String|Name)|LastErrorString)$|^ncclGetLastError$")


def run(*command: str | Path, check: bool = True) -> str:
    """What a command printed; where it fails, what it said is shown."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run([str(part) for part in command], env=environment, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout if done.returncode == 0 else ""


def stand_in_for_cuda(libraries: Path) -> None:
    """Writes libraries in which every CUDA function says that there is no device."""
    for tool in ("gcc", "nm", "readelf"):
        if shutil.which(tool) is None:
            raise SystemExit(f"{tool} is needed to make a torch that was built for CUDA load without it (Debian: apt-get install gcc binutils)")
    files = list(libraries.glob("*.so*"))
    needed = {name for file in files for name in re.findall(r"\(NEEDED\).*\[(.+)]", run("readelf", "-dW", file))}
    versions: dict[str, set[str]] = {}
    defined: set[str] = set()
    for file in files:
        for kind, symbol in re.findall(r" ([A-Za-z]) (\S+)$", run("nm", "-D", "--with-symbol-versions", file), re.MULTILINE):
            name, _, version = symbol.partition("@")
            if kind not in "Uwv":
                defined.add(name)
            elif CUDA_LIBRARY.match(version) or (version == "" and CUDA_NAME.match(name)):
                versions.setdefault(version, set()).add(name)
    for names in versions.values():
        names -= defined
    source = "".join(
        f'const char *{name}(void) {{ return "no CUDA here"; }}\n' if GIVES_TEXT.search(name) else f"int {name}(void) {{ return 100; }}\n"
        for name in sorted(set().union(*versions.values()))
    )  # 100 is cudaErrorNoDevice
    script = "".join(f"{version or 'plain'} {{ global: {'; '.join(sorted(names))}; }};\n" for version, names in versions.items() if names)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "stand-in.c").write_text(source)
        Path(folder, "stand-in.map").write_text(script)
        run("gcc", "-c", "-fPIC", "-w", "-fno-builtin", "-o", f"{folder}/stand-in.o", f"{folder}/stand-in.c")
        for name in sorted(needed - {file.name for file in files}):
            if CUDA_LIBRARY.match(name):
                run("gcc", "-shared", f"-Wl,-soname,{name},--version-script={folder}/stand-in.map", "-o", libraries / name, f"{folder}/stand-in.o")


def make(folder: Path) -> None:
    """Makes the environment anew."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "pyvenv.cfg").exists():
        raise SystemExit(f"{folder} is no virtual environment: it was left as it is")
    shutil.rmtree(folder, ignore_errors=True)
    run(sys.executable, "-m", "venv", folder)
    python = folder / "bin/python"
    print(f"installing {REQUIREMENTS.name} into {folder}", file=sys.stderr)
    run(python, "-m", "pip", "install", "--quiet", "--no-deps", "--requirement", REQUIREMENTS)
    if run(python, "-c", "import torch; print(torch.__version__)", check=False) == "":
        stand_in_for_cuda(next(folder.glob("lib/python3.*/site-packages/torch/lib")))
    print(run(python, "-c", "import torch, trl; print('torch', torch.__version__, 'TRL', trl.__version__)").strip(), file=sys.stderr)


def main() -> None:
    """Makes the environment unless it is there."""
    if len(sys.argv) != 2 or sys.version_info < (3, 11):
        raise SystemExit("usage: python3 cpu_venv.py FOLDER, with Python 3.11 or newer")
    folder = Path(sys.argv[1]).absolute()
    made_of = f"{REQUIREMENTS.read_text()}{Path(__file__).read_text()}{sys.version}{platform.machine()}{sys.executable}"
    stamp, wanted = folder / "made-of.sha256", hashlib.sha256(made_of.encode()).hexdigest()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != wanted:
            make(folder)
            stamp.write_text(wanted)
    print(folder / "bin/python")


if __name__ == "__main__":
    main()
