"""The site as it is served: real granian, real nginx, real PostgreSQL with a replica."""
