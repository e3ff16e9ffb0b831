"""Frameworks of research repositories, told by ourselves from README, manifests and imports."""
