"""The pack language: strict, positioned YAML in, `kesu.policy.model` out. One module per part of the grammar."""
