"""What the product is about, headless and ordered; see the map in `app/README.md`."""
