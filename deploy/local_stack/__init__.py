"""The topology of docker-compose.yml as processes of this machine (``make local-stack``)."""
