print("anatomy")
