"""Mock X-ray data (section 2.1.2): emission, gas density, photons, wavelet masks, profiles and their fits."""
