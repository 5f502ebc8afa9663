"""What every implementation, and every URL of the API, keeps."""

# Remedies that say nothing of what to send.
GENERIC = ("", "Send a value.", "Correct what the message names, or leave it out.")
