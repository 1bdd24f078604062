"""Mail that comes in: replies to invitations, by a web hook or from a mailbox."""
