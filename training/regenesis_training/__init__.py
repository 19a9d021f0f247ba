"""Fine-tuning of a dataset that ReGenesis Workbench exported, with TRL."""
