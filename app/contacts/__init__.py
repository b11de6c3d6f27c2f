"""Who people are to each other: contacts, contact requests, blocks, and how people find one another."""
