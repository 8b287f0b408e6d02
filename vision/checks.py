"""Start-up checks of the vision app."""
