"""The site built, whole or what changed; indexed, swapped in; previews of single pages."""
