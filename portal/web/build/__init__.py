"""Pages of Build: catalogue, pipelines and executions."""
