"""`messages`: what is told, and what came of it. `templates`: how it is said, and what is switched off."""
