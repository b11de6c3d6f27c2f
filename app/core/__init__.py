"""What every domain stands on and nothing about any domain: database, log, bus, hub, transport, schema kit."""
