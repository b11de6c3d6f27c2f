"""Messages: sending in batches, history, receipts and unread counts."""
