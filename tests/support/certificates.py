"""Certificates that nobody has vouched for."""

from __future__ import annotations

import subprocess
from pathlib import Path

Certificate = tuple[Path, Path]
"""The certificate's file, and its key's."""


def make_certificate(folder: Path, *names: str) -> Certificate:
    """One for these names, each with its kind before it (`IP:127.0.0.1`, `DNS:site.example`)."""
    paths = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", "/CN=stranger",
         "-addext", f"subjectAltName={','.join(names)}",
         "-out", paths[0], "-keyout", paths[1]],
        check=True, capture_output=True,
    )  # fmt: skip
    return paths
