"""Mail: what a letter says, how it is put together, how it is handed to the server."""
