"""One act on very many texts, worked off in parts by a job."""
