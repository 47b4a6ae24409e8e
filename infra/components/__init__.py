"""The five AI workloads, one component resource each, and the few parts that they share."""
