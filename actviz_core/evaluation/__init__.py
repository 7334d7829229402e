"""What a picture is worth."""
