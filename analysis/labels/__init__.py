"""Learning from people: showing posts with their answers, keeping what people say of them, and learning from it."""
