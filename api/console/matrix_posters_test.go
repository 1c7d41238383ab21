package console_test

// postersMatrix is who may do what in the room of posters.
func postersMatrix() map[string]string {
	const see, do = "admin editor publisher town-officer auditor", "admin editor publisher town-officer"
	return map[string]string{
		"GET /console/posters": see, "POST /console/posters/pick": do, "GET /console/posters/make": do, "POST /console/posters/make": do, "GET /console/posters/preview": do,
		"GET /console/posters/runs": see, "GET /console/posters/runs/:id": see, "GET /console/posters/runs/:id/file": do,
		"POST /console/posters/runs/:id/cancel": do, "POST /console/posters/runs/:id/void": do, "POST /console/posters/runs/:id/unvoid": do,
		"GET /console/posters/at/:location": see, "GET /console/posters/at/:location/:file": see,
	}
}
