package console_test

// scansMatrix is who may do what in the room of scans.
func scansMatrix() map[string]string {
	return nil
}
