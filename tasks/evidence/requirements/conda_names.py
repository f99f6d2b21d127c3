"""Conda packages whose name on PyPI differs, and those that are no Python package at all."""

from __future__ import annotations

PYPI_NAMES = {
    "pytorch": "torch", "pytorch-cpu": "torch", "pytorch-gpu": "torch", "torchvision-cpu": "torchvision", "tensorflow-gpu": "tensorflow",
    "tensorflow-cpu": "tensorflow", "tensorflow-mkl": "tensorflow", "tensorflow-eigen": "tensorflow", "keras-gpu": "keras",
    "opencv": "opencv-python-headless", "py-opencv": "opencv-python-headless", "libopencv": "opencv-python-headless",
    "matplotlib-base": "matplotlib", "py-xgboost": "xgboost", "py-xgboost-cpu": "xgboost", "py-xgboost-gpu": "xgboost",
    "lightgbm-gpu": "lightgbm", "faiss": "faiss-cpu", "faiss-gpu": "faiss-cpu", "pytables": "tables", "msgpack-python": "msgpack",
    "python-graphviz": "graphviz", "graphviz": "", "python-dateutil": "python-dateutil", "pytorch-lightning": "pytorch-lightning",
    "umap-learn": "umap-learn", "pyqt": "pyqt5", "prompt_toolkit": "prompt-toolkit", "ruamel_yaml": "ruamel-yaml", "dask-core": "dask",
    "seaborn-base": "seaborn", "jaxlib": "jaxlib", "snappy": "python-snappy", "blas": "", "mkl-service": "mkl-service",
    "importlib_metadata": "importlib-metadata", "typing_extensions": "typing-extensions", "pyarrow-core": "pyarrow",
    "pytorch-scatter": "torch-scatter", "pyg": "torch-geometric", "prophet": "prophet", "fbprophet": "prophet", "tabulate": "tabulate",
    "google-cloud-storage-core": "google-cloud-storage", "sqlalchemy": "sqlalchemy", "huggingface_hub": "huggingface-hub",
    "hydra-core": "hydra-core", "python-dotenv": "python-dotenv", "scikit-learn-intelex": "scikit-learn-intelex", "mxnet-mkl": "mxnet",
    "lime": "lime", "backports.zoneinfo": "backports-zoneinfo", "python-lmdb": "lmdb", "python-xxhash": "xxhash", "rdkit": "rdkit",
    "pyspark": "pyspark", "tensorboardx": "tensorboardx", "streamz": "streamz", "protobuf": "protobuf", "brotlipy": "brotlipy",
    "python-levenshtein": "levenshtein", "ta-lib": "ta-lib", "pillow-simd": "pillow", "h5py": "h5py", "cmdstanpy": "cmdstanpy",
}  # fmt: skip
"""Empty: the conda package of this name is a program, not the Python package."""
PYPI_NAMES = {name: pypi for name, pypi in PYPI_NAMES.items() if pypi and pypi != name}
_UNWANTED_WORDS = """
python pip conda mamba blas mkl openblas cudatoolkit cudnn cuda nccl cuda-toolkit cuda-runtime cuda-version cudatoolkit-dev
pytorch-cuda pytorch-mutex cpuonly gcc gxx gcc_linux-64 gxx_linux-64 clang cmake make nodejs r-base r-essentials openssl
ca-certificates sqlite zlib bzip2 readline ncurses tk xz ld_impl_linux-64 tzdata icu freetype jpeg libpng ffmpeg git graphviz
openjdk java-jdk rust go compilers cxx-compiler c-compiler fortran-compiler libgcc-ng libstdcxx-ng intel-openmp llvm-openmp yaml
_libgcc_mutex _openmp_mutex vc vs2015_runtime wincertstore m2w64-gcc-libs python_abi zstd lz4-c lame giflib gmp gnutls nettle
openh264 x264 hdf5 zeromq expat glib gstreamer gst-plugins-base pandoc libffi unixodbc swig anaconda anaconda-client nb_conda
nb_conda_kernels conda-build ninja pkg-config bc certifi-win32 qt pcre dbus fontconfig pthread-stubs winpty krb5 c-ares curl
wget unzip tree vim tmux htop protobuf-compiler poppler tesseract geos proj gdal-bin xorg-libxau xorg-libxdmcp
"""
UNWANTED = frozenset(_UNWANTED_WORDS.split())
"""Programs, libraries and conda's own parts."""
