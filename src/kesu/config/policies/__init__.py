"""What the commands on the policy library print."""
