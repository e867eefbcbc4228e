"""A small program that wants one module of ours and not the whole site around it."""

ALONE = """
import sys, types
sys.modules["app"] = types.ModuleType("app")
sys.modules["app"].__path__ = ["app"]
"""
"""What such a program begins with, in the project's folder: `import app` brings in everything,
which takes a second and a half; what stands below it is found all the same."""
