package console_test

// placesMatrix is who may do what in the room of places.
func placesMatrix() map[string]string {
	return map[string]string{"GET /console/places": everyone}
}
