"""The schema kit: ids, scalars, context, payloads, connections, events. No domain words."""
