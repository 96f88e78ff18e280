"""Working together on a self-assessment: who does what until when, notes to each other, who is where just now."""
