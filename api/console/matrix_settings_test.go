package console_test

// settingsMatrix is who may do what in the room of settings.
func settingsMatrix() map[string]string {
	return nil
}
