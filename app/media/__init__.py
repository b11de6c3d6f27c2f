"""Files that people send: what they are and whose. Their bytes, uploads and links come with storage."""
