"""What all channels share of a conversation: its store, order, deliveries and limits."""
