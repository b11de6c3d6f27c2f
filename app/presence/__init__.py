"""Who is online and who types: told by process to process, kept in memory, gone by itself."""
