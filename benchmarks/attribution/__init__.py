"""Maps beside those of captum, grad-cam and torchcam, and what they cost beyond their passes."""
