"""The network: its inputs, its architecture, and how it is evaluated (sections 3.1, 3.2; Table 3)."""
