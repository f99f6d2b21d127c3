"""From the last loop to what the user gets: the champion, the sealed test, the model's files, pictures, the result."""
