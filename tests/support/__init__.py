"""What several tests share: a small warehouse, headless clients."""
