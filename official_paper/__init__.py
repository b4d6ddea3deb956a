"""Official paper in Word as GB/T 9704-2012 lays it out: the sheet and its recurring parts. It knows no room."""
