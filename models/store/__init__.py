"""Every query, by area. Functions take an open session; who calls them decides where a transaction ends."""
