package console_test

// postersMatrix is who may do what in the room of posters.
func postersMatrix() map[string]string {
	return nil
}
