package api

import "mashang/platform/print"

// fonts are what sheets of paper are written with; nil where nothing is printed.
func (s *Server) fonts() *print.Fonts {
	if s.Posters == nil {
		return nil
	}
	return s.Posters.Press.Fonts
}
