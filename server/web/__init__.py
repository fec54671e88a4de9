"""The HTTP edge: what every request meets before and after its handler, and the files of the PWA."""
