"""What customers are told of their orders: by mail or text message, in their language, each thing once."""
