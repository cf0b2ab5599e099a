"""The core under the five faces: operations, credentials, and the one transport."""
